import type { Permission, Role } from '../../shared/rules/vocabulary.ts';
import type { CommandId } from '../keys.ts';
import type { IconName } from '../ui/icon.tsx';
import type { TextKey } from './text.ts';

/** Areas of the left rail in their order. One without `path` is a command. */
export interface Area {
  readonly id: string;
  readonly path:
    | '/today'
    | '/applications'
    | '/register'
    | '/sync'
    | '/operators'
    | '/audit'
    | '/incidents'
    | '/card-service'
    | '/card-diagnosis'
    | '/production'
    | '/dispatch'
    | '/packages'
    | '/pin-requests'
    | undefined;
  readonly title: TextKey;
  readonly icon: IconName;
  readonly permission: Permission;
  readonly command: CommandId;
  /** Roles that see the area although the right alone would not put it on their rail. */
  readonly notFor?: readonly Role[];
}

export const areas: readonly Area[] = [
  {
    id: 'today',
    path: '/today',
    title: 'frame.today',
    icon: 'today',
    permission: 'application.view',
    command: 'goToday',
    notFor: ['auditor'],
  },
  { id: 'new', path: undefined, title: 'frame.newApplication', icon: 'add', permission: 'application.edit', command: 'newApplication' },
  {
    id: 'applications',
    path: '/applications',
    title: 'frame.applications',
    icon: 'list',
    permission: 'application.view',
    command: 'goApplications',
  },
  { id: 'packages', path: '/packages', title: 'packages.title', icon: 'box', permission: 'card.view', command: 'goPackages' },
  { id: 'pin-requests', path: '/pin-requests', title: 'pins.area', icon: 'key', permission: 'card.view', command: 'goPinRequests' },
  { id: 'register', path: '/register', title: 'frame.register', icon: 'book', permission: 'register.view', command: 'goRegister' },
  {
    id: 'production',
    path: '/production',
    title: 'frame.production',
    icon: 'card',
    permission: 'card.personalise',
    command: 'goProduction',
  },
  { id: 'dispatch', path: '/dispatch', title: 'frame.dispatch', icon: 'box', permission: 'card.dispatch', command: 'goDispatch' },
  { id: 'operators', path: '/operators', title: 'frame.operators', icon: 'people', permission: 'operator.view', command: 'goOperators' },
  { id: 'audit', path: '/audit', title: 'frame.audit', icon: 'audit', permission: 'audit.view', command: 'goAudit' },
  {
    id: 'incidents',
    path: '/incidents',
    title: 'frame.incidents',
    icon: 'warn',
    permission: 'audit.view',
    command: 'goIncidents',
  },
  { id: 'cardService', path: '/card-service', title: 'cards.title', icon: 'card', permission: 'card.service', command: 'goCardService' },
  {
    id: 'cardDiagnosis',
    path: '/card-diagnosis',
    title: 'cards.diagnosisTitle',
    icon: 'info',
    // Everybody who works at a desk has it; the engine asks for nothing but a session.
    permission: 'sync.view',
    command: 'goCardDiagnosis',
  },
  { id: 'sync', path: '/sync', title: 'frame.sync', icon: 'sync', permission: 'sync.view', command: 'goSync' },
];
