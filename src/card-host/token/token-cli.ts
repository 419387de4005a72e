import { parseArgs } from 'node:util';
import { readCheckValue } from './check-value.ts';
import { TokenFault } from './code-deriver.ts';
import { openPkcs11Token } from './pkcs11-token.ts';
import { readSecretLine } from './read-secret-line.ts';

/**
 * Key ceremony: `npm run cards:token -- --module /path/to/module.so --label LABEL` makes the master key inside the token, or finds it there, and
 * prints its check value, which two people write down. The token's PIN is asked for and never taken from an argument. Source: cards.md §3.2
 */
const { values } = parseArgs({ options: { module: { type: 'string' }, label: { type: 'string' } } });

async function main(): Promise<number> {
  if (values.module === undefined || values.label === undefined) {
    console.error('İstifadə: npm run cards:token -- --module MODULUN_YOLU --label TOKENİN_ADI');
    return 2;
  }
  const pin = await readSecretLine(process.stdin, process.stderr, 'Tokenin PIN-i: ');
  const token = openPkcs11Token({ modulePath: values.module, label: values.label, pin });
  try {
    const { isNew } = await token.makeMasterKey();
    console.log(isNew ? 'Əsas açar tokenin içində yaradıldı.' : 'Əsas açar tokendə artıq var; heç nə dəyişdirilmədi.');
    console.log(`Yoxlama qiyməti: ${await readCheckValue(token.mac)}`);
    return 0;
  } finally {
    pin.fill(0);
    await token.close();
  }
}

const sentences = {
  TOKEN_MISSING: 'Token, onun modulu və ya açar tapılmadı. Heç nə dəyişdirilməyib. Yolu və adı yoxlayın.',
  TOKEN_FAILED: 'Token imtina etdi. Heç nə dəyişdirilməyib. PIN-i və tokenin vəziyyətini yoxlayın.',
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof TokenFault) console.error(`${sentences[error.code]} (${error.message})`);
    else console.error(error);
    process.exitCode = 1;
  },
);
