import { connectScreen, openScreenClient } from '../../support/screen-client.ts';

/** A window that opens its socket again and again and asks at once; says how often its first question was answered. */
const [address = '', times = '0'] = process.argv.slice(2);
const { origin } = new URL(address);
const { cookie, close } = await openScreenClient(address);
close();
let answered = 0;
for (let n = 0; n < Number(times); n += 1) {
  const screen = await connectScreen(origin, cookie);
  const late = new Promise<boolean>((resolve) =>
    setTimeout(() => {
      resolve(false);
    }, 5_000).unref(),
  );
  if (!(await Promise.race([screen.desk.system.status().then(() => true), late]))) break;
  answered += 1;
  screen.socket.terminate();
}
process.send?.(answered);
process.exit(0);
