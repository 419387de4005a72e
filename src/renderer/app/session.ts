import { useQuery } from '@tanstack/react-query';
import type { SessionView } from '../../shared/contract/session.ts';
import type { Permission } from '../../shared/rules/vocabulary.ts';
import { queries } from '../desk-client/index.ts';

export function useSession(): SessionView | null | undefined {
  return useQuery(queries.session.current.queryOptions({ staleTime: Infinity })).data;
}

export function useStatus() {
  return useQuery(queries.system.status.queryOptions({ refetchInterval: 15_000 })).data;
}

/** What the screen offers; the core decides. */
export function useMay(): (permission: Permission) => boolean {
  const session = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}
