/** Texts of one area under their flat keys. */
export type Flattened<Area extends string, Texts extends Readonly<Record<string, string>>> = {
  readonly [Key in keyof Texts & string as `${Area}.${Key}`]: string;
};

/** Puts the name of its area in front of every key: `M-01` of `messages` becomes `messages.M-01`. */
export function flatten<Area extends string, Texts extends Readonly<Record<string, string>>>(
  area: Area,
  texts: Texts,
): Flattened<Area, Texts> {
  const entries = Object.entries(texts).map(([key, text]) => [`${area}.${key}`, text]);
  // Object.fromEntries forgets the keys that the line above has just made.
  return Object.fromEntries(entries) as Flattened<Area, Texts>;
}
