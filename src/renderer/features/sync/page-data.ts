import type { desk } from '../../desk-client/index.ts';

/** What the page is told of the exchange. */
export type SyncPageData = Awaited<ReturnType<typeof desk.sync.page>>;
export type QueueRowData = SyncPageData['rows'][number];
export type ConflictData = Awaited<ReturnType<typeof desk.sync.conflict>>;
export type ExportStateData = Awaited<ReturnType<typeof desk.sync.exportState>>;
export type ExportedData = Awaited<ReturnType<typeof desk.sync.exportQueue>>;
export type HelpPackageData = Awaited<ReturnType<typeof desk.sync.helpPackage>>;
