/**
 * How many characters a field takes, as the contract does: a longer text could not be saved, so it cannot be typed.
 * Everything not named here is a line of text.
 */
const lineLength = 200;
const lengthOf: Readonly<Record<string, number>> = {
  fin: 20,
  citizenship: 3,
  country: 3,
  judgeCardNumber: 40,
  grantor: 40,
  grantee: 20,
  notaryRegisterNumber: 60,
  legalisationNumber: 60,
  connectionFormNumber: 60,
  voen: 20,
  corporateVoen: 20,
  iccid: 30,
  registeredAddress: 300,
  actualAddress: 300,
  email: 120,
  'organisation.name': 300,
  'document.number': 40,
};

export function maxLengthOf(path: string): number {
  const parts = path.split('.');
  const name = parts.at(-1) ?? '';
  if (parts[0] === 'powersOfAttorney' && name === 'number') return 60;
  return lengthOf[parts.slice(-2).join('.')] ?? lengthOf[name] ?? lineLength;
}
