import { sayAnswer, sayAnswerClass } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';

/** What was answered, and under it what that means to whoever waits, where the first words do not say it already. */
export function AnswerWords({ code, after = '' }: { readonly code: string; readonly after?: string }) {
  const texts = useTexts();
  const said = sayAnswer(texts, code);
  const meaning = sayAnswerClass(texts, code);
  return (
    <>
      <p>
        {said} {after}
      </p>
      {meaning !== '' && meaning !== said && <p className="quiet">{meaning}</p>}
    </>
  );
}
