/** The page for the moment when the database is damaged or its key is gone, and no screen exists. */
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
  keyTitle: 'Qeyd cannot find the key of its database',
  keyWhat:
    'This computer has lost the key of the database: the computer was changed, its key store was erased, or its security chip does not work. The database is as it was; nothing is lost, acts not yet sent included.',
  keyHow:
    'A second, sealed copy of the key lies beside the database. Only the registry can open it, and gives the key back to this computer only when two people confirm it.',
  keyAsk: 'Desk: {{deskId}}. Check number: {{checkNumber}}.',
  keyAskHint: 'The supervisor writes the number down; the registry and the desk record the same one.',
  keyWrapOf: 'The sealed copy is of {{at}}.',
  keyNone:
    'No sealed copy was found, neither beside the database nor in the backups. Do not erase the files. If backups are kept on another disk, put them back into the folder "backups" and start the program again; otherwise turn to support.',
  keyFirst: 'Registrar or administrator',
  keySecond: 'Supervisor',
  keyReturn: 'Bring the key back',
  keyWorking: 'Asking the registry…',
  keyNoLink:
    'The registry does not answer. Only it can give the key back, so try again when the link is back. The database and the acts not yet sent are as they were; do not erase the files.',
  keyDone: 'The key was brought back and is kept by this computer.',
  keyDoneBy: 'Confirmed by {{firstLogin}} and {{secondLogin}}, {{at}}. Check number: {{checkNumber}}.',
  keyDoneNext: 'Acts not yet sent are where they were and are sent after you go on. The journal records it.',
  DATABASE_IN_USE: 'This is under way already. Wait until it is done; nothing is lost.',
  FIRST_REFUSED: 'The name or password of who works at the desk is not right. Nothing is lost. Type it again.',
  SECOND_REFUSED: 'The name or password of the supervisor is not right. Nothing is lost. Type it again.',
  FIRST_NOT_ALLOWED:
    'The first person must be a registrar or a rights administrator of this office and have changed the first password. Nothing is lost.',
  SECOND_NOT_ALLOWED: 'The second person must be a supervisor and have changed the first password. Nothing is lost.',
  SAME_PERSON: 'One person alone cannot bring the key back. The second person, a supervisor, types his own name and password.',
  DESK_REVOKED: 'The registry has shut this desk out and does not give it the key. The database is as it was. Turn to the centre.',
  KEY_WRONG_DESK:
    'This data folder belongs to another desk. The database is as it was. Put the folder of this desk back, or turn to the administrator.',
  KEY_WRAP_DAMAGED:
    'The sealed copy of the key is damaged. The database is as it was. Try again: next time the copy in a backup is taken. If that does not help, turn to the centre.',
  KEY_WRAP_MISSING: 'No sealed copy of the key was found. The database is as it was. Do not erase the files; turn to support.',
  RECOVERY_KEY_GONE:
    'The registry does not have the key that opens this copy. The database is as it was. Try again: next time another copy is taken. If that does not help, the centre has to put the former recovery key back into the registry.',
  KEY_REQUEST_USED: 'This question was answered once already. Nothing is lost. Try again with the new check number.',
  KEY_ANSWER_INVALID:
    'The answer of the registry does not fit this question and was not used. Nothing is lost. Try again; if it happens again, tell security.',
  KEY_NOT_KEPT:
    'The key came, but the key store of this computer did not take it. Nothing is lost. The administrator mends the store; then try again.',
} as const;
