/** What a card still has to say after its first answer, by ISO 7816-4: `61xx` more bytes wait, `6Cxx` ask again with this length. */
const maxAnswerBytes = 65_538;

/**
 * Exchanges one command and whatever GET RESPONSE it needs; gives data and the last status word. `send` answers at least 2 bytes or throws.
 * An answer beyond 64 KiB ends with the status word so far.
 */
export async function exchangeWithFollowUp(apdu: Uint8Array, send: (apdu: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
  let answer = await send(apdu);
  if (answer.at(-2) === 0x6c && !isExtended(apdu)) answer = await send(withLe(apdu, answer.at(-1) ?? 0));
  if (answer.at(-2) !== 0x61) return answer;
  // The class without the chaining bit.
  const cla = (apdu[0] ?? 0) & 0xef;
  const parts: Uint8Array[] = [];
  let total = 0;
  while (answer.at(-2) === 0x61 && total < maxAnswerBytes) {
    parts.push(answer.subarray(0, -2));
    total += answer.length;
    const waiting = answer.at(-1) ?? 0;
    answer = await send(Uint8Array.of(cla, 0xc0, 0x00, 0x00, waiting));
    if (answer.at(-2) === 0x6c) answer = await send(Uint8Array.of(cla, 0xc0, 0x00, 0x00, answer.at(-1) ?? 0));
  }
  parts.push(answer);
  return joined(parts);
}

/** T=0 has no place for the length of the answer in a command that brings data: it goes out without and is asked for by GET RESPONSE. */
export function fitToT0(apdu: Uint8Array): Uint8Array {
  const isCase4 = !isExtended(apdu) && apdu.length > 5 && apdu.length === 6 + (apdu[4] ?? 0);
  return isCase4 ? apdu.subarray(0, -1) : apdu;
}

function isExtended(apdu: Uint8Array): boolean {
  return apdu.length > 6 && apdu[4] === 0;
}

function withLe(apdu: Uint8Array, le: number): Uint8Array {
  const hasLe = apdu.length === 5 || apdu.length === 6 + (apdu[4] ?? 0);
  const head = hasLe ? apdu.subarray(0, -1) : apdu;
  const repeated = new Uint8Array(head.length + 1);
  repeated.set(head);
  repeated[head.length] = le;
  return repeated;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
