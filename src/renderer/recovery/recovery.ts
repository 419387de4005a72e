import { describeStartFailure } from '../../shared/language/start-failures.ts';
import { readFailure } from './failure-address.ts';

/** The page for the moment when the core cannot start: it shares nothing with the screen but the sentences, so it works when that does not. */
const failure = readFailure(window.location.hash);
const show = (id: string, text: string) => {
  const element = document.getElementById(id);
  if (element !== null) element.textContent = text;
};
show('sentence', describeStartFailure(failure));
show('code', failure.code);
