import { useState } from 'react';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import type { Notice } from '../../../shared/contract/base.ts';
import { announce } from '../../app/announce.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { queries, queryClient, useAct, type Failure } from '../../desk-client/index.ts';

type Answer = { readonly application: ApplicationView; readonly notices: readonly Notice[] };

export interface CaseAct {
  readonly run: (work: (commandId: string) => Promise<Answer>) => Promise<boolean>;
  readonly failure: Failure | null;
  readonly notices: readonly Notice[];
  readonly startedAtMs: number | null;
  readonly clear: () => void;
}

/** An act on a case: its answer becomes what the page shows, its notices are shown and spoken. */
export function useCaseAct(): CaseAct {
  const texts = useTexts();
  const act = useAct();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  return {
    failure: act.failure,
    notices,
    startedAtMs: act.startedAtMs,
    clear: act.clear,
    run: async (work) => {
      setNotices([]);
      const answer = await act.run(work);
      if (answer === undefined) return false;
      const { applicationId } = answer.application;
      queryClient.setQueryData(queries.application.get.queryKey({ input: { applicationId } }), answer.application);
      setNotices(answer.notices);
      const said = answer.notices.map((one) => sayCode(texts, one.code, one.params));
      announce([...said, texts.t(`states.${answer.application.state}`)].join('. '));
      return true;
    },
  };
}
