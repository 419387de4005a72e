import type { ActingDesk } from '../integration/registry/card-cases.ts';
import type { TestDesk } from '../integration/registry/test-desk.ts';

/** A desk whose office is the centre and the registration office in one, as in training: everybody is known by the plain login. */
export function centreOf(desk: TestDesk): ActingDesk {
  const outcomeOf = (result: Awaited<ReturnType<TestDesk['push']>>[number] | undefined) => {
    if (result === undefined) throw new Error('One command has one result.');
    return result.result;
  };
  return {
    desk,
    login: (name) => name,
    push: async (kind, payload, login, override = {}) =>
      outcomeOf((await desk.push([desk.command(kind, payload, login, { desk_seq: desk.nextSeq(), ...override })]))[0]),
    intent: async (kind, payload, login, override = {}) => outcomeOf(await desk.intent(desk.command(kind, payload, login, override))),
  };
}
