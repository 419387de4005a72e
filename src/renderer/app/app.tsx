import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryClient } from '../desk-client/index.ts';
import { listenToKeys } from './commands.ts';
import { Door } from './door.tsx';
import { readableColours, theme } from './theme.ts';

/** The screen. What the operator sees first is decided by the door: link, sign-in, lock, work. */
export function App() {
  useEffect(() => listenToKeys(), []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={readableColours}>
      <QueryClientProvider client={queryClient}>
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}
