import { ipcRenderer } from 'electron';

/**
 * Hands the screen a single port that speaks only the contract, and nothing else: no ipcRenderer, no generic send. The page asks once it
 * listens; the shell checks the sender and answers with a MessagePort, which is passed on to the page's own world.
 */
ipcRenderer.on('qeyd:port', (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage('qeyd-port', window.location.origin, [port]);
});
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'qeyd-port-wanted') ipcRenderer.send('qeyd:screen-ready');
});
