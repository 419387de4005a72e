/**
 * The browser shell's PIN window: a page of the card host on another site, in a process of its own. This screen only opens it, without a way back to it, and
 * learns the outcome from the engine. In Electron the shell opens it and no such event comes. Source: ADR-0027
 */
const addressForm = /^http:\/\/localhost:\d{1,5}\/pin\?token=[\w-]{43}$/u;

export function openPinWindow(address: string): void {
  if (!addressForm.test(address)) return;
  window.open(address, '_blank', 'popup,noopener,noreferrer,width=480,height=560');
}
