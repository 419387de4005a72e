import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApplicationView, FieldProblem } from '../../../shared/contract/application.ts';
import type { ApplicationData } from '../../../shared/rules/application-data.ts';
import { failureOf, type Failure } from '../../desk-client/index.ts';
import { followDefaults } from './defaults.ts';
import { valueAt, withValueAt } from './paths.ts';

export interface DraftState {
  readonly data: ApplicationData;
  readonly view: ApplicationView;
  readonly problems: ReadonlyMap<string, FieldProblem>;
  /** Fields that were left once, or all of them after a try to send: their problems are shown. */
  readonly touched: ReadonlySet<string>;
  readonly areAllShown: boolean;
  readonly save: 'saved' | 'waiting' | 'saving' | 'failed';
  readonly failure: Failure | null;
}

/** Quiet time after the last key; with the way to the disk it stays below the 300 ms that are promised. */
const quietMs = 120;
const retryMs = 2_000;

export type SaveDraft = (version: number, data: ApplicationData) => Promise<{ version: number; application: ApplicationView }>;

/**
 * What is being typed, and the road to the disk: one save at a time, the next with everything typed meanwhile. A failed save is tried again
 * while the form is open and said beside the form; nothing typed is thrown away.
 */
export class Draft {
  readonly store: StoreApi<DraftState>;
  readonly #save: SaveDraft;
  #version: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  /** What was done to the data since the last save, oldest first; done again when an act of ours has changed the case meanwhile. */
  #edits: ((data: ApplicationData) => ApplicationData)[] = [];
  #act: Promise<unknown> | undefined;

  constructor(view: ApplicationView, save: SaveDraft) {
    this.#save = save;
    this.#version = view.version;
    this.store = createStore<DraftState>(() => ({
      data: view.data,
      view,
      problems: problemsOf(view),
      touched: new Set(),
      areAllShown: false,
      save: 'saved',
      failure: null,
    }));
  }

  get isDirty(): boolean {
    return this.#edits.length > 0;
  }

  set(path: string, value: unknown): void {
    this.change((data) => {
      if (valueAt(data, path) === value) return data;
      const changed = withValueAt(data, path, value);
      return changed.adopted.includes(path) ? { ...changed, adopted: changed.adopted.filter((one) => one !== path) } : changed;
    });
  }

  change(edit: (data: ApplicationData) => ApplicationData): void {
    const { data } = this.store.getState();
    const edited = edit(data);
    if (edited === data) return;
    this.#edits.push(edit);
    this.store.setState({ data: followDefaults(data, edited), save: 'waiting' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), quietMs);
  }

  touch(path: string): void {
    const { touched } = this.store.getState();
    if (!touched.has(path)) this.store.setState({ touched: new Set([...touched, path]) });
  }

  showAll(): void {
    this.store.setState({ areAllShown: true });
  }

  /** Saves what is not saved yet. True when everything typed is on the disk. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#act;
    while (this.isDirty) {
      this.#running ??= this.#saveOnce().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
      if (this.store.getState().save === 'failed') return false;
    }
    return true;
  }

  async #saveOnce(): Promise<void> {
    const count = this.#edits.length;
    this.store.setState({ save: 'saving' });
    try {
      const answer = await this.#save(this.#version, this.store.getState().data);
      this.#version = answer.version;
      this.#edits.splice(0, count);
      this.store.setState({
        view: answer.application,
        problems: problemsOf(answer.application),
        save: this.isDirty ? 'waiting' : 'saved',
        failure: null,
      });
    } catch (error) {
      const failure = failureOf(error);
      this.store.setState({ save: 'failed', failure });
      if (failure.kind === 'environment') this.#timer = setTimeout(() => void this.flush(), retryMs);
    }
  }

  /**
   * The case as the engine has it after an act or a change from elsewhere. What is typed and not yet saved stands above it; an older picture
   * of the case changes nothing.
   */
  accept(view: ApplicationView): void {
    if (view.version < this.#version || (this.isDirty && view.version === this.#version)) return;
    if (this.isDirty) return;
    this.#version = view.version;
    this.store.setState({ view, data: view.data, problems: problemsOf(view), failure: null, save: 'saved' });
  }

  /**
   * One of our own acts that writes into the data, begun when everything was saved: no save goes out before its answer, because the act makes
   * the version that the save would name old. What was typed meanwhile is done again on the case as the act left it.
   */
  async during<Answer extends { readonly application: ApplicationView }>(
    act: () => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const running = act().then((answer) => {
      if (answer !== undefined) this.#rebase(answer.application);
      return answer;
    });
    this.#act = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      this.#act = undefined;
    }
  }

  #rebase(view: ApplicationView): void {
    if (!this.isDirty) {
      this.accept(view);
      return;
    }
    this.#version = view.version;
    const data = this.#edits.reduce((now, edit) => followDefaults(now, edit(now)), view.data);
    this.store.setState({ view, data, problems: problemsOf(view), failure: null, save: 'waiting' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), quietMs);
  }

  /** Throws away what could not be saved because the case went on elsewhere. */
  reload(view: ApplicationView): void {
    this.#edits = [];
    this.#version = view.version;
    this.store.setState({ view, data: view.data, problems: problemsOf(view), failure: null, save: 'saved' });
  }

  close(): void {
    void this.flush();
  }
}

function problemsOf(view: ApplicationView): ReadonlyMap<string, FieldProblem> {
  return new Map(view.problems.map((problem) => [problem.field, problem]));
}
