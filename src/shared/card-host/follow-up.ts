import { CardFault } from './card-port.ts';

/** An answer is at most 65,536 bytes of data; each GET RESPONSE brings at least one. */
const mostRounds = 1024;

/**
 * Sends a command and follows up what the card still wants: `6Cxx` asks for the same command with that length, `61xx` says that so many bytes wait for
 * GET RESPONSE. Gives the data of all answers with the last status word. Fewer than two bytes mean that the card is gone. Source: ISO 7816-4 §5.1.3
 */
export async function followUp(apdu: Uint8Array, send: (command: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
  const ask = async (command: Uint8Array): Promise<Uint8Array> => {
    const answer = await send(command);
    if (answer.length < 2) throw new CardFault('CARD_REMOVED', 'an answer of fewer than two bytes');
    return answer;
  };
  let answer = await ask(apdu);
  if (answer.length === 2 && answer[0] === 0x6c) answer = await ask(withLength(apdu, answer[1] ?? 0));
  let data: Uint8Array = new Uint8Array(0);
  for (let round = 0; answer.at(-2) === 0x61; round += 1) {
    if (round === mostRounds) throw new CardFault('TRANSPORT_FAILED', 'the card never comes to an end');
    data = Uint8Array.of(...data, ...answer.subarray(0, -2));
    answer = await ask(Uint8Array.of((apdu[0] ?? 0) & 0xef, 0xc0, 0x00, 0x00, answer.at(-1) ?? 0));
  }
  return data.length === 0 ? answer : Uint8Array.of(...data, ...answer);
}

/** The same short command with another Le: the last byte where there is one, an added one where there is none. */
function withLength(apdu: Uint8Array, length: number): Uint8Array {
  const hasLength = apdu.length === 5 || apdu.length === 6 + (apdu[4] ?? 0);
  return Uint8Array.of(...(hasLength ? apdu.subarray(0, -1) : apdu), length);
}
