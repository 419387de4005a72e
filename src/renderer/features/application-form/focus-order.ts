/**
 * Where Enter goes: the next field, in reading order, that is mandatory and still empty or wrong; round the end to the beginning; when none is
 * left, the main action. Every stop of the form carries `data-field`; stops that are no value of the data (the question about the bearer, the
 * consent, the ticks, the secret answer) say with `data-open` that they wait.
 */
export interface Stop {
  readonly field: string;
  readonly isOpen: boolean;
}

export function findNextStop(stops: readonly Stop[], current: number): number | undefined {
  for (let step = 1; step <= stops.length; step += 1) {
    const at = (current + step + stops.length) % stops.length;
    if (at !== current && stops[at]?.isOpen === true) return at;
  }
  return undefined;
}

export function isStopOpen(element: HTMLElement, problems: ReadonlyMap<string, unknown>, wanted: readonly string[] | undefined): boolean {
  const field = element.dataset['field'] ?? '';
  if (wanted !== undefined) return wanted.includes(field);
  if (element.dataset['open'] !== undefined) return true;
  if (!problems.has(field)) return false;
  // The engine may not have heard of the last key yet: a value that has been typed is not empty any more.
  return !(
    element instanceof HTMLInputElement &&
    element.type !== 'checkbox' &&
    element.value.trim() !== '' &&
    isOnlyMissing(problems.get(field))
  );
}

function isOnlyMissing(problem: unknown): boolean {
  return typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'REQUIRED';
}

/** Goes to the next open stop after the focused one; answers false when nothing is open. */
export function focusNextOpen(form: HTMLElement, problems: ReadonlyMap<string, unknown>, wanted?: readonly string[]): boolean {
  const elements = [...form.querySelectorAll<HTMLElement>('[data-field]')].filter((one) => !one.hasAttribute('disabled'));
  const current = elements.findIndex((one) => one === document.activeElement);
  const stops = elements.map((one) => ({ field: one.dataset['field'] ?? '', isOpen: isStopOpen(one, problems, wanted) }));
  const next = elements[findNextStop(stops, current) ?? -1];
  next?.focus();
  if (next instanceof HTMLInputElement && next.type !== 'checkbox') next.select();
  return next !== undefined;
}
