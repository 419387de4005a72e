export { createRouter, type DeskRouter } from './dispatcher.ts';
export { createEventBus, streamEvents, type EventBus } from '../platform/event-bus.ts';
export type { DeskHandlers, Handlers } from './handlers.ts';
export { serveMessagePort, serveRecoveryPort, serveRecoverySocket, serveWebSocket, type RecoveryRouter } from './transports.ts';
