import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { roles, type Role } from '../../../shared/rules/vocabulary.ts';
import { LanguageChoice } from '../../app/language-choice.tsx';
import { useStatus } from '../../app/session.ts';
import { setTitle, useTexts } from '../../app/text.ts';
import { desk, queries, queryClient, useAct } from '../../desk-client/index.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Note } from '../../ui/signal.tsx';
import { CardWay, useSignInCards } from './card-way.tsx';

/** Who works here now, in which role. In training the named operators stand below: one key signs one in. */
export function SignInPage() {
  const { t } = useTexts();
  const status = useStatus();
  const people = useQuery(queries.session.listTrainingOperators.queryOptions()).data ?? [];
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role | ''>('');
  const act = useAct();
  const cards = useSignInCards();
  useEffect(() => {
    setTitle(t('signIn.title'));
  }, [t]);

  const signIn = (as: { login: string; password: string; role?: Role }): void => {
    void act
      .run(() => desk.session.signIn(as))
      .then((session) => {
        setPassword('');
        if (session === undefined) return;
        queryClient.setQueryData(queries.session.current.queryKey(), session);
        void queryClient.invalidateQueries();
      });
  };
  const rolesOf = (held: readonly Role[]): string => held.map((one) => t(`terms.role.${one}`)).join(', ');
  return (
    <>
      {status?.mode === 'training' && <header className="training-strip">{t('frame.training')}</header>}
      <main className="door" style={{ height: 'calc(100vh - 20px)' }}>
        <div className="panel col">
          <div className="row" style={{ justifyContent: 'space-between' }}>
            <h1>{t('signIn.title')}</h1>
            <LanguageChoice />
          </div>
          <p className="quiet">{status === undefined ? '' : `${status.officeName} · ${status.deskId}`}</p>
          {status?.link.state === 'offline' && <Note tone="attention">{t('signIn.offline')}</Note>}
          <form
            className="col"
            onSubmit={(event) => {
              event.preventDefault();
              signIn({ login: login.trim(), password, ...(role === '' ? {} : { role }) });
            }}
          >
            <TextInput
              label={t('signIn.login')}
              value={login}
              autoFocus
              onChange={(event) => {
                setLogin(event.currentTarget.value);
              }}
            />
            <PasswordInput
              label={t('signIn.password')}
              value={password}
              onChange={(event) => {
                setPassword(event.currentTarget.value);
              }}
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            />
            <NativeSelect
              label={t('signIn.role')}
              value={role}
              data={[{ value: '', label: t('signIn.firstRole') }, ...roles.map((value) => ({ value, label: t(`terms.role.${value}`) }))]}
              onChange={(event) => {
                setRole(roles.find((one) => one === event.currentTarget.value) ?? '');
              }}
            />
            <FailureNote failure={act.failure} />
            <Button type="submit" loading={act.startedAtMs !== null}>
              {t('signIn.submit')}
            </Button>
          </form>
          {cards.code === '' && (
            <CardWay
              label={t('signIn.byCard')}
              work={(readerName) =>
                desk.session.signInWithCard({
                  readerName,
                  title: t('cards.signInTitle', { desk: status?.deskId ?? '' }),
                  ...(role === '' ? {} : { role }),
                })
              }
            />
          )}
          {people.length > 0 && (
            <section aria-label={t('signIn.trainingOperators')} className="col">
              <h2>{t('signIn.trainingOperators')}</h2>
              <div className="people">
                {people.map((person) => (
                  <Button
                    key={person.login}
                    variant="default"
                    justify="space-between"
                    fullWidth
                    style={{ flex: 'none' }}
                    title={rolesOf(person.roles)}
                    rightSection={<span className="quiet small">{rolesOf(person.roles)}</span>}
                    onClick={() => {
                      signIn({ login: person.login, password: person.password });
                    }}
                  >
                    {person.fullName}
                  </Button>
                ))}
              </div>
            </section>
          )}
        </div>
      </main>
    </>
  );
}
