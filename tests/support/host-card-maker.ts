import type { CardHost } from '../../src/core/cards/ports.ts';
import type { KeyAlgorithm } from '../../src/shared/card-host/host-protocol.ts';
import type { TestCa } from './cards/test-ca.ts';

export interface HostMaking {
  readonly names: { readonly readerName: string; readonly chipSerialHex: string; readonly cardSerial: string };
  readonly algorithm: KeyAlgorithm;
  readonly envelopeNumber: string;
}

/** A whole personalisation as a desk asks the card host for it. Throws at the first failure; answers how many commands the card got. */
export async function makeCardThrough(host: CardHost, ca: TestCa, { names, algorithm, envelopeNumber }: HostMaking): Promise<number> {
  let apdus = 0;
  const ask = async <R extends Parameters<CardHost['ask']>[0]>(request: R) => {
    const result = await host.ask(request);
    if (!result.ok) throw new Error(`${request.kind}: ${result.failure.code} ${JSON.stringify(result.failure.params)}`);
    if ('apdus' in result.value) apdus += result.value.apdus;
    return result.value;
  };
  await ask({ kind: 'wipe', ...names });
  await ask({ kind: 'codes', ...names });
  await ask({ kind: 'keys', ...names, algorithm });
  const requests = await ask({ kind: 'requests', ...names, algorithm });
  if (requests.kind !== 'requests') throw new Error('no requests came');
  const certificates = { auth: await ca.issue(requests.auth, 'auth'), sign: await ca.issue(requests.sign, 'sign') };
  await ask({ kind: 'certificates', ...names, ...certificates });
  await ask({ kind: 'objects', ...names, algorithm });
  await ask({ kind: 'close', ...names });
  await ask({ kind: 'verify', ...names, ...certificates });
  await ask({ kind: 'envelope', ...names, envelopeNumber, holderLabel: 'Əliyev Çingiz' });
  return apdus;
}
