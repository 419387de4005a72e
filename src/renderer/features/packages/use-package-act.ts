import { useState } from 'react';
import type { Notice } from '../../../shared/contract/base.ts';
import type { PackageView } from '../../../shared/contract/package.ts';
import { announce } from '../../app/announce.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts } from '../../app/text.ts';
import { queries, queryClient, useAct, type Act } from '../../desk-client/index.ts';

type Answer = { readonly package: PackageView; readonly notices: readonly Notice[] };

export interface PackageAct extends Pick<Act, 'failure' | 'startedAtMs' | 'clear'> {
  readonly run: <A extends Answer>(work: (commandId: string) => Promise<A>) => Promise<A | undefined>;
  readonly notices: readonly Notice[];
}

/** An act on a package: its answer becomes what the page shows, its notices are shown and spoken. */
export function usePackageAct(): PackageAct {
  const texts = useTexts();
  const act = useAct();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  return {
    failure: act.failure,
    startedAtMs: act.startedAtMs,
    clear: act.clear,
    notices,
    run: async (work) => {
      const answer = await act.run(work);
      if (answer === undefined) {
        setNotices([]);
        return undefined;
      }
      const { packageNumber } = answer.package;
      queryClient.setQueryData(queries.package.find.queryKey({ input: { packageNumber } }), answer.package);
      setNotices(answer.notices);
      const said = answer.notices.map((one) => sayCode(texts, one.code, one.params));
      if (said.length > 0) announce(said.join('. '));
      return answer;
    },
  };
}
