import { useState } from 'react';
import type { Notice } from '../../../shared/contract/base.ts';
import type { PinRequestView } from '../../../shared/contract/pin-request.ts';
import { announce } from '../../app/announce.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { queries, queryClient, useAct, type Failure } from '../../desk-client/index.ts';

type Answer = { readonly request: PinRequestView; readonly notices: readonly Notice[] };

export interface PinAct {
  readonly run: (work: (commandId: string) => Promise<Answer>) => void;
  readonly failure: Failure | null;
  readonly isBusy: boolean;
  readonly notices: readonly Notice[];
}

/** An act on a request: its answer becomes what the page shows, its notices are shown and spoken. */
export function usePinAct(): PinAct {
  const texts = useTexts();
  const act = useAct();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  return {
    failure: act.failure,
    isBusy: act.startedAtMs !== null,
    notices,
    run(work) {
      setNotices([]);
      void act.run(work).then(async (answer) => {
        // The card may have said something that is kept although the act failed.
        if (answer === undefined) {
          await queryClient.invalidateQueries({ queryKey: queries.pinRequest.key() });
          return;
        }
        const { requestId } = answer.request;
        queryClient.setQueryData(queries.pinRequest.get.queryKey({ input: { requestId } }), answer.request);
        setNotices(answer.notices);
        announce(
          [...answer.notices.map((one) => sayCode(texts, one.code, one.params)), texts.t(`pins.state.${answer.request.state}`)].join('. '),
        );
      });
    },
  };
}
