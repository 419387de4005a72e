/** Which wording of the consent (`form.consentText`) is read to the applicant; raised with every change of that text. */
export const consentTextVersion = '2026-1';
