import { Button } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useCommand } from '../app/commands.ts';
import type { CommandId } from '../keys.ts';
import { KeyHint, shortcutOf } from './key-hint.tsx';

interface Props {
  readonly label: string;
  readonly onRun: () => void;
  readonly isDisabled?: boolean;
  /** Said when it is disabled, so that nobody has to guess. */
  readonly reason?: string | undefined;
  readonly isBusy?: boolean;
  /** The key still counts while an act runs, for callers that put their acts in order: a key that is pressed early is not lost. */
  readonly takesKeyWhileBusy?: boolean;
  /** What decides whether it may be done is still on its way: a press waits for that and is then done, or refused with the reason. Never lost. */
  readonly isAwaiting?: boolean;
  readonly command?: CommandId;
  readonly isQuiet?: boolean;
  readonly isDanger?: boolean;
}

/** The one main action of the page (Ctrl+Enter), or another action that has a key of its own. */
export function ActionButton({
  label,
  onRun,
  isDisabled = false,
  reason,
  isBusy = false,
  takesKeyWhileBusy = false,
  isAwaiting = false,
  command = 'mainAction',
  isQuiet = false,
  isDanger = false,
}: Props) {
  const isRefused = isDisabled && !isAwaiting;
  const isOff = isRefused || isBusy;
  const isPressed = useRef(false);
  const press = (): void => {
    if (isAwaiting) isPressed.current = true;
    else onRun();
  };
  const answerPress = useEffectEvent(() => {
    if (!isPressed.current) return;
    isPressed.current = false;
    if (!isOff) onRun();
  });
  useEffect(() => {
    if (!isAwaiting) answerPress();
  }, [isAwaiting]);
  useCommand(command, press, { isEnabled: !isRefused && (!isBusy || takesKeyWhileBusy), label });
  return (
    <span className="row">
      <Button
        variant={isQuiet ? 'default' : 'filled'}
        {...(isDanger ? { color: 'red.9' } : {})}
        // Stays in the tab order with its reason: a disabled button that cannot be reached explains nothing.
        aria-disabled={isOff}
        // Busy is not off: the button keeps its word and its colours, and says that it works.
        aria-busy={isBusy || undefined}
        data-off={isRefused || undefined}
        data-main={command === 'mainAction' || undefined}
        // In a dialog without a Cancel button this is where the focus begins.
        data-autofocus={command === 'mainAction' || undefined}
        style={
          isRefused
            ? { background: 'var(--q-raised)', color: 'var(--q-quiet)', borderColor: 'var(--q-line)', cursor: 'not-allowed' }
            : undefined
        }
        aria-keyshortcuts={shortcutOf(command)}
        onClick={() => {
          if (!isOff) press();
        }}
      >
        {label}
        <KeyHint id={command} />
      </Button>
      {isRefused && reason !== undefined && reason !== '' && <span className="quiet small">{reason}</span>}
    </span>
  );
}
