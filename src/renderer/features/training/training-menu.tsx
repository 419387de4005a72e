import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { trainingFaultsSchema } from '../../../shared/contract/training.ts';
import { useCommand } from '../../app/commands.ts';
import { deliverReading } from '../../app/reader.ts';
import { useMay } from '../../app/session.ts';
import { useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { QueryGate } from '../../ui/query-gate.tsx';
import { VirtualCards } from './virtual-cards.tsx';

type Faults = z.infer<typeof trainingFaultsSchema>;
const statuses = [400, 401, 403, 409, 422, 429, 500, 503] as const;
const systems = ['İAMAS', 'VMMS', 'VÖEN', 'MO', 'CA', 'MİP', 'X-06'] as const;

/** F9 in training: unplug the link, silence a register, and people to practise with. */
export function TrainingMenu() {
  const { t } = useTexts();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  useCommand(
    'trainingMenu',
    () => {
      setOpen(true);
    },
    { isEnabled: may('training.faults'), label: t('keys.trainingMenu') },
  );
  return (
    <Dialog
      isOpen={isOpen}
      title={t('training.title')}
      size="90%"
      onClose={() => {
        setOpen(false);
      }}
    >
      {isOpen && (
        <div className="col">
          <FaultSwitches />
          <VirtualCards />
          <Cast
            onRead={(read) => {
              setOpen(false);
              // After the dialog gave the focus back: a reader types into the page.
              setTimeout(read, 0);
            }}
          />
        </div>
      )}
    </Dialog>
  );
}

function FaultSwitches() {
  const { t } = useTexts();
  const query = useQuery(queries.training.getFaults.queryOptions());
  const act = useAct();
  const set = (faults: Faults): void => {
    void act
      .run(() => desk.training.setFaults(faults))
      .then((answer) => {
        if (answer !== undefined) queryClient.setQueryData(queries.training.getFaults.queryKey(), answer);
      });
  };
  return (
    <QueryGate query={query}>
      {(faults) => (
        <section className="col" aria-label={t('training.faults')}>
          <h2>{t('training.faults')}</h2>
          <Checkbox
            data-autofocus
            label={t('training.unplug')}
            checked={faults.isUnreachable}
            onChange={(event) => {
              set({ ...faults, isUnreachable: event.currentTarget.checked });
            }}
          />
          <div className="row" role="group" aria-label={t('training.outages')}>
            <span>{t('training.outages')}</span>
            {systems.map((system) => (
              <Checkbox
                key={system}
                label={system === 'X-06' ? t('training.entitlement') : system}
                checked={faults.outages.includes(system)}
                onChange={(event) => {
                  set({
                    ...faults,
                    outages: event.currentTarget.checked ? [...faults.outages, system] : faults.outages.filter((one) => one !== system),
                  });
                }}
              />
            ))}
          </div>
          <Checkbox
            label={t('training.expired')}
            checked={faults.useExpiredCertificate}
            onChange={(event) => {
              set({ ...faults, useExpiredCertificate: event.currentTarget.checked });
            }}
          />
          <div className="row">
            <NativeSelect
              label={t('training.failStatus')}
              data={['', ...statuses.map(String)]}
              value={String(faults.failWith?.status ?? '')}
              onChange={(event) => {
                const status = Number(event.currentTarget.value);
                set({ ...faults, failWith: status === 0 ? null : { status, times: faults.failWith?.times ?? 1 } });
              }}
            />
            <Figure
              label={t('training.failTimes')}
              value={faults.failWith?.times ?? 0}
              most={20}
              onChange={(times) => {
                set({ ...faults, failWith: times === 0 ? null : { status: faults.failWith?.status ?? 503, times } });
              }}
            />
          </div>
          <div className="row" style={{ alignItems: 'end' }}>
            <Figure
              label={t('training.activationsThatFail')}
              value={faults.failActivations}
              most={10}
              onChange={(failActivations) => {
                set({ ...faults, failActivations });
              }}
            />
            <Figure
              label={t('training.answersThatGetLost')}
              value={faults.loseAnswers}
              most={10}
              onChange={(loseAnswers) => {
                set({ ...faults, loseAnswers });
              }}
            />
            <Figure
              label={t('training.latencyMs')}
              value={faults.latencyMs}
              most={60_000}
              onChange={(latencyMs) => {
                set({ ...faults, latencyMs });
              }}
            />
          </div>
          <FailureNote failure={act.failure} />
        </section>
      )}
    </QueryGate>
  );
}

function Figure({
  label,
  value,
  most,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = (): void => {
    const figure = Number(typed);
    if (typed !== null && Number.isInteger(figure) && figure >= 0 && figure <= most && figure !== value) onChange(figure);
    setTyped(null);
  };
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      w={210}
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}

/** People, organisations and SIMs; a button types for the reader that a trainee may not have. */
function Cast({ onRead }: { readonly onRead: (read: () => void) => void }) {
  const { t } = useTexts();
  const query = useQuery(queries.training.listCast.queryOptions({ staleTime: Infinity }));
  return (
    <QueryGate query={query}>
      {(cast) => (
        <section aria-label={t('training.cast')}>
          <h2>{t('training.cast')}</h2>
          <table className="plain">
            <thead>
              <tr>
                <th>{t('training.who')}</th>
                <th>{t('form.label.person.fin')}</th>
                <th>{t('list.phone')}</th>
                <th>{t('form.label.carrier.iccid')}</th>
                <th>{t('form.label.organisation.voen')}</th>
                <th>{t('training.read')}</th>
              </tr>
            </thead>
            <tbody>
              {cast.map((one) => (
                <tr key={`${one.fin}-${one.iccid}`}>
                  <td>
                    {one.title}
                    <div className="quiet small">{one.note}</div>
                  </td>
                  <td className="mono">{one.fin}</td>
                  <td className="mono">{one.phone}</td>
                  <td className="mono">{one.iccid}</td>
                  <td className="mono">{one.voen}</td>
                  <td>
                    <span className="row" style={{ flexWrap: 'nowrap' }}>
                      {one.mrz !== '' && (
                        <Button
                          variant="default"
                          onClick={() => {
                            onRead(() => deliverReading({ kind: 'mrz', text: one.mrz }));
                          }}
                        >
                          {t('training.readDocument')}
                        </Button>
                      )}
                      {one.iccid !== '' && (
                        <Button
                          variant="default"
                          onClick={() => {
                            onRead(() => deliverReading({ kind: 'iccid', text: one.iccid }));
                          }}
                        >
                          {t('training.readSim')}
                        </Button>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </QueryGate>
  );
}
