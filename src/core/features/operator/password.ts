/** Fewer different characters than this is a pattern, not a password. */
const minDifferentCharacters = 5;

/** Long enough by the contract; here: not the login again and not one key held down. Length matters more than kinds of characters. */
export function isPasswordWeak(password: string, login: string): boolean {
  const folded = password.toLowerCase();
  return (login !== '' && folded.includes(login.toLowerCase())) || new Set(folded).size < minDifferentCharacters;
}
