import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { deskConfigSchema, listConfigurationGaps, type CardsConfig, type DeskConfig } from '../shared/platform/desk-config.ts';
import { StartFailure } from '../shared/platform/start-failure.ts';
import type { LoadedDesk, SecretStore } from './shell.ts';

/**
 * Reads a desk's configuration file and makes its paths absolute. Fails with CONFIG_MISSING, CONFIG_UNREADABLE or CONFIG_INCOMPLETE
 * (`params.gaps` = dotted names of what is missing), so that a half-configured desk never starts.
 */
export async function loadDesk(configPath: string): Promise<LoadedDesk> {
  let input: unknown;
  try {
    input = JSON.parse(await readFile(configPath, 'utf8'));
  } catch (error) {
    throw new StartFailure(error instanceof SyntaxError ? 'CONFIG_UNREADABLE' : 'CONFIG_MISSING', { path: configPath });
  }
  const gaps = listConfigurationGaps(input);
  if (gaps.length > 0) throw new StartFailure('CONFIG_INCOMPLETE', { gaps: gaps.join(', ') });
  const config = withAbsolutePaths(deskConfigSchema.parse(input), dirname(resolve(configPath)));
  for (const [gap, path] of [
    ['registry.caPath', config.registry.caPath],
    ['registry.clientCertificatePath', config.registry.clientCertificatePath],
  ] as const) {
    await readFile(path).catch(() => {
      throw new StartFailure('CONFIG_INCOMPLETE', { gaps: gap });
    });
  }
  return { config, configPath: resolve(configPath) };
}

function withAbsolutePaths(config: DeskConfig, folder: string): DeskConfig {
  const absolute = (path: string) => (path === '' || isAbsolute(path) ? path : resolve(folder, path));
  const key = (source: DeskConfig['registry']['clientKey']) => ('path' in source ? { path: absolute(source.path) } : source);
  return {
    ...config,
    dataFolder: absolute(config.dataFolder),
    printFolder: absolute(config.printFolder),
    exportFolder: absolute(config.exportFolder),
    ...(config.cards === undefined ? {} : { cards: withAbsoluteCards(config.cards, absolute) }),
    registry: {
      ...config.registry,
      caPath: absolute(config.registry.caPath),
      clientCertificatePath: absolute(config.registry.clientCertificatePath),
      clientKey: key(config.registry.clientKey),
      signingKey: key(config.registry.signingKey),
    },
  };
}

function withAbsoluteCards(cards: CardsConfig, absolute: (path: string) => string): CardsConfig {
  const { token, mailer, asure } = cards;
  return {
    ...cards,
    // A named pipe of Windows is no path of a folder.
    directLink: cards.directLink.startsWith('\\\\.\\pipe\\') ? cards.directLink : absolute(cards.directLink),
    ...(token === undefined ? {} : { token: { ...token, module: absolute(token.module) } }),
    ...(mailer?.kind === 'file' ? { mailer: { ...mailer, folder: absolute(mailer.folder) } } : {}),
    ...(asure === undefined ? {} : { asure: { ...asure, folder: absolute(asure.folder) } }),
    ...(mailer?.kind === 'device' ? { mailer: { ...mailer, path: absolute(mailer.path) } } : {}),
  };
}

/** The PEM of a key from its file or the secret store; CONFIG_INCOMPLETE names the entry when it is not there. */
export async function readKey(source: DeskConfig['registry']['clientKey'], name: string, secrets: SecretStore): Promise<string> {
  const pem =
    'path' in source
      ? await readFile(source.path, 'utf8').catch(() => undefined)
      : await secrets.find(source.reference).then((bytes) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes)));
  if (pem === undefined) throw new StartFailure('CONFIG_INCOMPLETE', { gaps: name });
  return pem;
}
