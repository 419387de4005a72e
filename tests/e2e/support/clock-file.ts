/** Where a test writes how far the clock of a program's core is off, in milliseconds; in the program's temporary folder. */
export const clockFile = 'clock-offset-ms';
