import { fail, succeed } from '../../../shared/platform/result.ts';
import type { Projection } from '../../desk.ts';
import type { Handlers } from '../../rpc/handlers.ts';
import { findPackage, listPackages } from '../../storage/repositories/package-repository.ts';
import { answerCentre, arrive, record, returnAll, signAct } from './arrival.ts';
import { check, decide, scan } from './check.ts';
import { confirm, type Arrival } from './confirm.ts';
import type { PackageContext } from './context.ts';
import { loadPackage } from './loaded.ts';
import { prepareAct, prepareReturn } from './papers.ts';
import { createPackageProjection } from './projection.ts';
import { rowOf, viewOf } from './view.ts';

export type { PackagePapers } from './context.ts';

export interface PackageFeature {
  readonly handlers: Handlers<'package'>;
  readonly projection: Projection;
}

const nothingMore: Arrival = () => ({ drafts: [], events: [] });

/** Receipt of packages, cards and envelopes by scanner. Source: PKG-01..PKG-12, COU-02..COU-04 */
export function createPackageFeature(context: PackageContext, newCodes: Arrival = nothingMore): PackageFeature {
  const { desk } = context;
  const handlers: Handlers<'package'> = {
    list: ({ limit }) => succeed({ rows: listPackages(desk.db, limit).map((stored) => rowOf(context, stored)) }),
    find({ packageNumber }, call) {
      const typed = packageNumber.replaceAll(/\s/gu, '').toUpperCase();
      return desk.db.read((db) => {
        const loaded = findPackage(db, typed) === undefined ? undefined : loadPackage(context, db, typed);
        return loaded === undefined ? fail('PACKAGE_NOT_FOUND') : succeed(viewOf(context, db, loaded, call.permissions));
      });
    },
    arrive: (input, call) => arrive(context, call, input),
    answerCentre: (input, call) => answerCentre(context, call, input),
    prepareAct: (input, call) => prepareAct(context, call, input),
    signAct: (input, call) => signAct(context, call, input),
    record: (input, call) => record(context, call, input),
    scan: (input, call) => scan(context, call, input),
    decide: (input, call) => decide(context, call, input),
    prepareReturn: (input, call) => prepareReturn(context, call, input),
    check: (input, call) => check(context, call, input),
    confirm: (input, call) => confirm(context, call, input, newCodes),
    returnAll: (input, call) => returnAll(context, call, input),
  };
  return { handlers, projection: createPackageProjection(desk) };
}
