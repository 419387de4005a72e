/** The encrypted twin keeps its types where its export map hides them; the API is that of better-sqlite3. */
declare module 'better-sqlite3-multiple-ciphers' {
  import Database from 'better-sqlite3';
  export default Database;
}
