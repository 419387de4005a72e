import { z } from 'zod';
import { roles } from '../rules/vocabulary.ts';

/**
 * The file that makes a folder a desk. Paths may be relative to the file's own folder. A production desk refuses to start half-configured;
 * `listConfigurationGaps` names what is missing so that the shell can say it in a sentence.
 */
export const keySourceSchema = z.union([
  z.object({ path: z.string().min(1) }),
  /** Name of an entry in the shell's secret store. */
  z.object({ reference: z.string().min(1) }),
]);

/** People, organisations and SIMs to practise with: all invented. */
export const trainingCastSchema = z.array(
  z.object({
    title: z.string(),
    fin: z.string(),
    mrz: z.string(),
    phone: z.string(),
    iccid: z.string(),
    voen: z.string(),
    note: z.string(),
  }),
);

/** Cards at this desk; each part may be absent, and what is absent is not offered. Source: ADR-0027 */
export const cardsConfigSchema = z.object({
  /** Readers of the system's smart-card service. */
  pcsc: z.boolean().default(true),
  /** Training only: where a virtual card listens, instead of PC/SC. */
  directLink: z.string().default(''),
  /** The token of the personalisation centre: PUKs and issuer codes are derived in it. Training without it keeps a key in its data folder. */
  token: z
    .object({
      /** Whole path of the PKCS#11 module. */
      module: z.string().min(1),
      label: z.string().min(1).max(32),
      /** Name of its PIN in the shell's secret store. */
      pinReference: z.string().min(1).default('token-pin'),
    })
    .optional(),
  /**
   * Where PIN envelopes are printed: a device file, or a raw network port of the printer. Never a queue of the system's spooler, which keeps what it
   * prints on the disk. `file`: in training only.
   */
  mailer: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('device'), path: z.string().min(1) }),
      z.object({ kind: z.literal('network'), host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535).default(9100) }),
      z.object({ kind: z.literal('file'), folder: z.string().min(1) }),
    ])
    .optional(),
  /**
   * Hand-over to Asure ID: a folder of its own, readable by the operator and the program only, and whole path of the program that is started. The rows in it
   * are personal data in clear. Source: PRS-04, PRS-08
   */
  asure: z.object({ folder: z.string().min(1), program: z.string().default('') }).optional(),
});
export type CardsConfig = z.infer<typeof cardsConfigSchema>;

export const deskConfigSchema = z.object({
  mode: z.enum(['training', 'production']),
  office: z.object({ id: z.string().min(1).max(40), code: z.string().regex(/^[A-Z0-9]{2,6}$/), name: z.string().min(1).max(120) }),
  desk: z.object({ id: z.string().min(1).max(60), code: z.string().regex(/^\d{2}$/) }),
  registry: z.object({
    url: z.url({ protocol: /^https$/ }),
    caPath: z.string().min(1),
    clientCertificatePath: z.string().min(1),
    clientKey: keySourceSchema,
    /** P-256 key that signs commands; may be the same key as the client certificate's. */
    signingKey: keySourceSchema,
  }),
  dataFolder: z.string().min(1),
  /** Where the file printer puts PDF files; empty = no file printer. */
  printFolder: z.string().default(''),
  /** Where files go that a person carries away (unsent acts, help package), best on a removable disk; empty = `exports` beside the database. */
  exportFolder: z.string().default(''),
  /** `host:port` or a socket path; empty = the system's own. */
  cupsServer: z.string().default(''),
  /** Name of the queue that is offered first; empty = the system's own choice. */
  printQueue: z.string().max(200).default(''),
  /**
   * Windows: whole path of SumatraPDF, which draws a PDF on a queue; empty = the one on the search path. A program and never a script: `cmd.exe`
   * would read a script's arguments once more.
   */
  windowsPrintCommand: z
    .string()
    .regex(/^(?:[A-Za-z]:[\\/](?:[^<>:"|?*\\/\p{Cc}]+[\\/])*[^<>:"|?*\\/\p{Cc}]+\.exe)?$/iu)
    .default(''),
  /** Absent: this desk has no cards, and no card host is started. */
  cards: cardsConfigSchema.optional(),
  idleLockMs: z.number().int().min(60_000).max(3_600_000).default(300_000),
  /** Only in training mode; a production file that has it is refused. */
  training: z
    .object({
      operators: z.array(z.object({ login: z.string(), fullName: z.string(), password: z.string(), roles: z.array(z.enum(roles)) })),
      /** Path at the registry, or a whole address that stays open when the registry is made unreachable. */
      faultsPath: z.string().default('/v1/_faults'),
      /** People, organisations and SIMs to practise with, for the training menu. */
      cast: trainingCastSchema.optional(),
      /** Where virtual cards are put into readers and taken out. */
      cardControl: z.string().optional(),
    })
    .optional(),
});
export type DeskConfig = z.infer<typeof deskConfigSchema>;

/** Dotted names of what is missing or wrong in a configuration, in the order of the file; empty = usable. */
export function listConfigurationGaps(input: unknown): string[] {
  const parsed = deskConfigSchema.safeParse(input);
  const gaps = parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.') || 'file');
  if (parsed.success && parsed.data.mode === 'production' && parsed.data.training !== undefined) gaps.push('training');
  if (parsed.success && parsed.data.mode === 'training' && parsed.data.training === undefined) gaps.push('training');
  if (parsed.success && parsed.data.mode === 'production') {
    const { cards } = parsed.data;
    if (cards !== undefined && cards.directLink !== '') gaps.push('cards.directLink');
    if (cards?.mailer?.kind === 'file') gaps.push('cards.mailer');
  }
  return [...new Set(gaps)];
}
