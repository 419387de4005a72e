import { create } from 'zustand';

/** What a screen reader says politely: answers of look-ups, changes of the queue, results of acts. */
export const useAnnouncement = create<{ readonly text: string; readonly turn: number }>(() => ({ text: '', turn: 0 }));

export function announce(text: string): void {
  useAnnouncement.setState((state) => ({ text, turn: state.turn + 1 }));
}
