import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'wait' | 'attention' | 'stop' | 'neutral';
const icons: Readonly<Record<Tone, IconName>> = { good: 'check', wait: 'clock', attention: 'warn', stop: 'stop', neutral: 'dot' };

/** A word with its colour and its sign: never the colour alone. */
export function Signal({ tone, icon, children }: { readonly tone: Tone; readonly icon?: IconName; readonly children: ReactNode }) {
  return (
    <span className={`signal tone-${tone}`}>
      <Icon name={icon ?? icons[tone]} />
      <span>{children}</span>
    </span>
  );
}

/** A sentence in a box, with room for what to do about it. */
export function Note({
  tone,
  children,
  role,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly role?: 'alert' | 'status' | 'note';
}) {
  return (
    <div className={`note tone-${tone}`} role={role ?? (tone === 'stop' ? 'alert' : 'note')}>
      <Icon name={icons[tone]} />
      <div>{children}</div>
    </div>
  );
}
