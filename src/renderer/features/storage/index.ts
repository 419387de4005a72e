export { RestorationNote } from './restoration-note.tsx';
export { StoragePanel } from './storage-panel.tsx';
