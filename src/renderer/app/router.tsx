import { createHashHistory, createRootRoute, createRoute, createRouter, Navigate } from '@tanstack/react-router';
import { ApplicationsPage } from '../features/applications/index.ts';
import { AuditPage } from '../features/audit/index.ts';
import { CardDiagnosisPage, CardServicePage } from '../features/card-service/index.ts';
import { CasePage } from '../features/case/index.ts';
import { DispatchPage } from '../features/dispatch/index.ts';
import { HomePage } from '../features/home/index.ts';
import { IncidentsPage } from '../features/incidents/index.ts';
import { OperatorsPage } from '../features/operators/index.ts';
import { PackagePage, PackagesPage } from '../features/packages/index.ts';
import { PinRequestPage, PinRequestsPage } from '../features/pin-requests/index.ts';
import { ProductionPage } from '../features/production/index.ts';
import { RegisterPage } from '../features/register/index.ts';
import { SyncPage } from '../features/sync/index.ts';
import { Frame } from './frame.tsx';
import { useMay, useSession } from './session.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: FirstPage });

/** Where a role begins its day. */
function FirstPage() {
  const may = useMay();
  const session = useSession();
  if (session === undefined || session === null) return null;
  if (may('operator.manage')) return <Navigate to="/operators" replace />;
  if (session.role === 'auditor') return <Navigate to="/audit" replace />;
  if (may('card.personalise')) return <Navigate to="/production" replace />;
  if (may('application.view')) return <Navigate to="/today" replace />;
  if (may('audit.view')) return <Navigate to="/audit" replace />;
  return <Navigate to="/sync" replace />;
}

const first = createRoute({ getParentRoute: () => root, path: '/', component: FirstPage });
const today = createRoute({ getParentRoute: () => root, path: '/today', component: HomePage });
const applications = createRoute({ getParentRoute: () => root, path: '/applications', component: ApplicationsPage });
const application = createRoute({
  getParentRoute: () => root,
  path: '/applications/$applicationId',
  component: function CaseRoute() {
    const { applicationId } = application.useParams();
    return <CasePage key={applicationId} applicationId={applicationId} />;
  },
});
const register = createRoute({ getParentRoute: () => root, path: '/register', component: RegisterPage });
const packages = createRoute({ getParentRoute: () => root, path: '/packages', component: PackagesPage });
const onePackage = createRoute({
  getParentRoute: () => root,
  path: '/packages/$packageNumber',
  component: function PackageRoute() {
    const { packageNumber } = onePackage.useParams();
    return <PackagePage key={packageNumber} packageNumber={packageNumber} />;
  },
});
const pinRequests = createRoute({ getParentRoute: () => root, path: '/pin-requests', component: PinRequestsPage });
const pinRequest = createRoute({
  getParentRoute: () => root,
  path: '/pin-requests/$requestId',
  component: function PinRequestRoute() {
    const { requestId } = pinRequest.useParams();
    return <PinRequestPage key={requestId} requestId={requestId} />;
  },
});
const sync = createRoute({ getParentRoute: () => root, path: '/sync', component: SyncPage });
const operators = createRoute({ getParentRoute: () => root, path: '/operators', component: OperatorsPage });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditPage });

const cardService = createRoute({ getParentRoute: () => root, path: '/card-service', component: CardServicePage });
const cardDiagnosis = createRoute({ getParentRoute: () => root, path: '/card-diagnosis', component: CardDiagnosisPage });
const production = createRoute({ getParentRoute: () => root, path: '/production', component: ProductionPage });
const dispatch = createRoute({ getParentRoute: () => root, path: '/dispatch', component: DispatchPage });
const incidents = createRoute({ getParentRoute: () => root, path: '/incidents', component: IncidentsPage });

/** The address lies behind the hash: both shells serve one file. No personal data ever stands in it. */
export const router = createRouter({
  routeTree: root.addChildren([
    first,
    today,
    applications,
    application,
    register,
    sync,
    operators,
    audit,
    incidents,
    packages,
    onePackage,
    pinRequests,
    pinRequest,
    cardService,
    cardDiagnosis,
    production,
    dispatch,
  ]),
  history: createHashHistory(),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
