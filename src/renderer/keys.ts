/**
 * Every key of the program in one list: the dispatcher listens to it, the help page (F1) shows it, the palette runs it and the end-to-end
 * tests type it. A combination is written as Playwright writes it; letters mean the place on the keyboard, not the character, so that they
 * work on every layout. The name of a command is the text `keys.<id>`.
 */
export type KeyArea =
  'everywhere' | 'card' | 'list' | 'form' | 'case' | 'paper' | 'scan' | 'register' | 'operators' | 'sync' | 'production';
export interface KeyBinding {
  readonly area: KeyArea;
  readonly combo: string;
  /** Left out of the palette: it only makes sense where the focus is. */
  readonly isLocal?: boolean;
}

export const keys = {
  help: { area: 'everywhere', combo: 'F1' },
  palette: { area: 'everywhere', combo: 'Control+KeyK' },
  newApplication: { area: 'everywhere', combo: 'F2' },
  mainAction: { area: 'everywhere', combo: 'Control+Enter' },
  nextRegion: { area: 'everywhere', combo: 'F6' },
  previousRegion: { area: 'everywhere', combo: 'Shift+F6' },
  lock: { area: 'everywhere', combo: 'Control+KeyL' },
  changePassword: { area: 'everywhere', combo: 'Alt+KeyP' },
  back: { area: 'everywhere', combo: 'Escape', isLocal: true },
  trainingMenu: { area: 'everywhere', combo: 'F9' },
  goToday: { area: 'everywhere', combo: 'Alt+Digit1' },
  goApplications: { area: 'everywhere', combo: 'Alt+Digit2' },
  goRegister: { area: 'everywhere', combo: 'Alt+Digit3' },
  goSync: { area: 'everywhere', combo: 'Alt+Digit4' },
  goOperators: { area: 'everywhere', combo: 'Alt+Digit5' },
  goAudit: { area: 'everywhere', combo: 'Alt+Digit6' },
  goIncidents: { area: 'everywhere', combo: 'Alt+Digit7' },
  goCardService: { area: 'everywhere', combo: 'Alt+Digit8' },
  goCardDiagnosis: { area: 'everywhere', combo: 'Alt+Digit9' },
  signInByCard: { area: 'card', combo: 'Alt+KeyC' },
  changePin1: { area: 'card', combo: 'F3' },
  changePin2: { area: 'card', combo: 'F4' },
  unblockPin1: { area: 'card', combo: 'F7' },
  unblockPin2: { area: 'card', combo: 'F8' },
  recordBlock: { area: 'card', combo: 'Alt+KeyB' },
  goProduction: { area: 'everywhere', combo: 'Alt+Digit0' },
  goDispatch: { area: 'everywhere', combo: 'Alt+KeyD' },
  goPackages: { area: 'everywhere', combo: 'Alt+KeyA' },
  goPinRequests: { area: 'everywhere', combo: 'Alt+KeyW' },
  lookUp: { area: 'form', combo: 'F3' },
  adopt: { area: 'form', combo: 'F7' },
  bearerYes: { area: 'form', combo: 'F8' },
  bearerNo: { area: 'form', combo: 'Shift+F8' },
  attendee: { area: 'form', combo: 'Alt+KeyU' },
  consent: { area: 'form', combo: 'Alt+KeyR' },
  allDocuments: { area: 'form', combo: 'Alt+KeyS' },
  applySuggestion: { area: 'form', combo: 'Alt+ArrowDown', isLocal: true },
  save: { area: 'form', combo: 'Control+KeyS' },
  refuse: { area: 'case', combo: 'Alt+KeyI' },
  withdraw: { area: 'case', combo: 'Alt+KeyG' },
  claim: { area: 'case', combo: 'Alt+KeyB' },
  reveal: { area: 'case', combo: 'Alt+KeyM' },
  nextStep: { area: 'case', combo: 'Alt+ArrowRight', isLocal: true },
  previousStep: { area: 'case', combo: 'Alt+ArrowLeft', isLocal: true },
  print: { area: 'paper', combo: 'Control+KeyP' },
  attach: { area: 'scan', combo: 'F4' },
  filterList: { area: 'list', combo: 'Slash', isLocal: true },
  sortList: { area: 'list', combo: 'KeyS', isLocal: true },
  openRow: { area: 'list', combo: 'Enter', isLocal: true },
  reviewRow: { area: 'register', combo: 'Alt+KeyY' },
  returnRow: { area: 'register', combo: 'Alt+KeyQ' },
  handleIncident: { area: 'register', combo: 'Alt+KeyH' },
  compare: { area: 'register', combo: 'Alt+KeyT' },
  newOperator: { area: 'operators', combo: 'Alt+KeyN' },
  exportQueue: { area: 'sync', combo: 'Alt+KeyX' },
  helpPackage: { area: 'sync', combo: 'Alt+KeyK' },
  pauseBatch: { area: 'production', combo: 'Alt+KeyJ' },
  matchCards: { area: 'production', combo: 'Alt+KeyE' },
  cardStock: { area: 'production', combo: 'Alt+KeyO' },
  cardFaces: { area: 'production', combo: 'Alt+KeyV' },
  markAll: { area: 'production', combo: 'Alt+KeyC' },
  continueCard: { area: 'production', combo: 'F7' },
  wipeCard: { area: 'production', combo: 'Shift+F7' },
  scrapCard: { area: 'production', combo: 'Alt+KeyZ' },
  leaveCard: { area: 'production', combo: 'Alt+KeyL' },
} as const satisfies Readonly<Record<string, KeyBinding>>;

export type CommandId = keyof typeof keys;
export const commandIds = Object.keys(keys) as CommandId[];
export function bindingOf(id: CommandId): KeyBinding {
  return keys[id];
}

/** `Ctrl+K` for people. */
export function comboForPeople(combo: string): string {
  return combo
    .replace('Control', 'Ctrl')
    .replace('Slash', '/')
    .replace('Escape', 'Esc')
    .replace('ArrowDown', '↓')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace(/(?:Key|Digit)(?=.$)/u, '');
}

/** The combination of a key event; letters, digits and the slash by their place. */
export function comboOf(event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>): string {
  const isPlace = /^(?:Key[A-Z]|Digit\d|Slash)$/u.test(event.code);
  const name = isPlace ? event.code : event.key;
  return [event.ctrlKey || event.metaKey ? 'Control' : '', event.altKey ? 'Alt' : '', event.shiftKey ? 'Shift' : '', name]
    .filter((part) => part !== '')
    .join('+');
}
