import { createRoot } from 'react-dom/client';
import './app/styles.ts';
import { App } from './app/app.tsx';
import { listenToReaders } from './app/reader.ts';
import { startTexts } from './app/text.ts';
import { followEvents, keepConnected } from './desk-client/index.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');
await startTexts();
// First in line for every key: what a reader types must not reach a field or a shortcut.
listenToReaders();
keepConnected();
followEvents();
createRoot(root).render(<App />);
