/**
 * The 32 letters of the Azerbaijani alphabet in their order, then the foreign `w`, which sorts last.
 *
 * Source: azerbaijan.md §7 (alphabet).
 */
export const alphabetLower = 'abcçdeəfgğhxıijkqlmnoöprsştuüvyzw';

/** The capitals of `alphabetLower`, position by position: ı pairs with I, i with İ. */
export const alphabetUpper = 'ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZW';
