/**
 * The application of the procedures as this judge reads it: written from the table of procedures.md §14.1 and knowing nothing of the product's
 * own rules, so that an error there is seen here.
 */
export type CommandOfCase =
  | 'application.send'
  | 'application.sign_contract'
  | 'application.activate'
  | 'application.hand_over'
  | 'application.send_scans'
  | 'application.enter_scans'
  | 'application.archive'
  | 'application.refuse'
  | 'application.withdraw';

export interface ModelCase {
  readonly state: string;
  readonly isActivated: boolean;
  readonly areScansSent: boolean;
  readonly failedActivations: number;
}

export const unknownCase: ModelCase = { state: '', isActivated: false, areScansSent: false, failedActivations: 0 };

/** Where the procedures let a case be refused or withdrawn: before its certificates are active. */
const stoppable = ['', 'CONTRACT', 'CERT_PRINTED', 'ACT_FAILED'];

/** The case after an act that was done; null when the procedures do not know such an act there. */
export function after(model: ModelCase, kind: CommandOfCase): ModelCase | null {
  const go = (state: string, change: Partial<ModelCase> = {}): ModelCase => ({ ...model, ...change, state });
  switch (kind) {
    case 'application.send':
      return model.state === '' ? go('CONTRACT') : null;
    case 'application.sign_contract':
      if (model.state === 'CONTRACT') return go('CERT_PRINTED');
      // A contract that became void is signed anew where the case stands.
      return ['CERT_PRINTED', 'ACTIVATING', 'ACT_FAILED'].includes(model.state) ? model : null;
    case 'application.activate':
      return ['CERT_PRINTED', 'ACTIVATING'].includes(model.state) && !model.isActivated ? go('ACTIVATING', { isActivated: true }) : null;
    case 'application.hand_over':
      return model.state === 'ACTIVATING' && model.isActivated ? go('HANDED') : null;
    case 'application.send_scans':
      return model.state === 'HANDED' ? go('HANDED', { areScansSent: true }) : null;
    case 'application.enter_scans':
      return model.state === 'HANDED' && model.areScansSent ? go('SCANNED') : null;
    case 'application.archive':
      return model.state === 'SCANNED' ? go('ARCHIVED') : null;
    case 'application.refuse':
      return stoppable.includes(model.state) && !model.isActivated ? go('REFUSED') : null;
    case 'application.withdraw':
      return stoppable.includes(model.state) && model.state !== '' && !model.isActivated ? go('WITHDRAWN') : null;
  }
}

/** What an operator who sees the case in this state would do next. */
export function listUsualActs(state: string): readonly CommandOfCase[] {
  switch (state) {
    case '':
      return ['application.send', 'application.send', 'application.send', 'application.refuse'];
    case 'CONTRACT':
      return ['application.sign_contract', 'application.sign_contract', 'application.withdraw', 'application.refuse'];
    case 'CERT_PRINTED':
      return ['application.activate', 'application.activate', 'application.activate', 'application.withdraw'];
    case 'ACTIVATING':
      return ['application.hand_over'];
    case 'HANDED':
      return ['application.send_scans', 'application.enter_scans'];
    case 'SCANNED':
      return ['application.archive'];
    default:
      return [];
  }
}

export const allActs: readonly CommandOfCase[] = [
  'application.send',
  'application.sign_contract',
  'application.activate',
  'application.hand_over',
  'application.send_scans',
  'application.enter_scans',
  'application.archive',
  'application.refuse',
  'application.withdraw',
];
