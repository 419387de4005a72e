/** The page for the moment when the database is damaged and no screen exists. */
export const recovery = {
  title: 'Qeyd cannot open its database',
  code: 'Code: {{code}}',
  what: 'The database file is damaged. The file was not touched and nothing will be erased.',
  how: 'The restore takes the newest good backup, adds everything that can still be read from the damaged file, and then reads everything from the registry again.',
  copies: 'Backups: {{n}}, the newest of {{at}}.',
  noCopies: 'There is no backup: the database is made anew, with what can be read from the damaged file and what the registry has.',
  who: 'A supervisor or a rights administrator begins the restore with his own name and password.',
  login: 'User name',
  password: 'Password',
  restore: 'Restore',
  working: 'Restoring. Do not switch the computer off; this may take some minutes…',
  done: 'The database was restored.',
  resume: 'Go on',
  resuming: 'The program starts again…',
  waiting: 'Waiting for the engine…',
  failed: 'The restore did not succeed ({{code}}). Nothing was erased. Try again, or tell support this code.',
} as const;
