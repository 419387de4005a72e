import { Button, Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { acceptedIdentityDocuments } from '../../../shared/rules/document-matrix.ts';
import { kindsOfCategory } from '../../../shared/rules/certificate-kinds.ts';
import { checkIdentityDocumentNumber } from '../../../shared/rules/identity-document-number.ts';
import { isFieldNeeded } from '../../../shared/rules/form-fields.ts';
import {
  bodyKinds,
  carrierKinds,
  categories,
  entitlementProofs,
  mobileOperators,
  purposes,
  signablePapers,
  type Category,
} from '../../../shared/rules/vocabulary.ts';
import { sayCode } from '../../app/say.ts';
import { useTexts, type TextKey } from '../../app/text.ts';
import { Note } from '../../ui/signal.tsx';
import { useData, useDraft, useDraftState, useField } from './form-context.ts';
import { DateField, PhoneField, SelectField, TextField, TickField } from './fields.tsx';

export function Group({ title, children }: { readonly title: TextKey; readonly children: ReactNode }) {
  const { t } = useTexts();
  return (
    <fieldset>
      <legend>{t(title)}</legend>
      <div className="fields">{children}</div>
    </fieldset>
  );
}

/** Əlavə 1, block 1. */
export function CarrierGroup() {
  const { t } = useTexts();
  const operators = mobileOperators.map((value) => ({ value, label: t(`terms.operator.${value}`) }));
  return (
    <Group title="form.group.carrier">
      <SelectField path="carrier.kind" span={3} options={carrierKinds.map((value) => ({ value, label: t(`form.carrier.${value}`) }))} />
      <SelectField
        path="carrier.entitlement"
        span={5}
        options={entitlementProofs.map((value) => ({ value, label: t(`form.entitlement.${value}`) }))}
      />
      <PhoneField path="carrier.phone" span={4} />
      <TextField path="carrier.iccid" span={5} isMono />
      <SelectField path="carrier.operator" span={3} options={operators} />
      <TextField path="carrier.connectionFormNumber" span={5} />
      <TickField path="carrier.isCorporate" span={4} />
      <TextField path="carrier.corporateVoen" span={4} isMono />
    </Group>
  );
}

/** Əlavə 1, block 2. */
export function UseGroup() {
  const texts = useTexts();
  const { t } = texts;
  const decision = useDraftState((state) => state.view.kindsDecision);
  return (
    <Group title="form.group.use">
      <SelectField
        path="category"
        span={5}
        options={categories.map((value) => ({ value, label: `${value} · ${t(`terms.category.${value}`)}` }))}
      />
      <SelectField path="purpose" span={4} options={purposes.map((value) => ({ value, label: t(`terms.purpose.${value}`) }))} />
      <SelectField
        path="certificateForm"
        span={3}
        options={[
          { value: 'paper', label: t('form.certificateForm.paper') },
          { value: 'electronic', label: t('form.certificateForm.electronic') },
        ]}
      />
      <Kinds />
      {decision !== null && (decision.refusals.length > 0 || decision.notices.length > 0) && (
        <div className="col" style={{ gridColumn: 'span 12' }}>
          {decision.refusals.map((one) => (
            <Note key={one.code} tone="stop">
              {sayCode(texts, one.code, one.params)}
            </Note>
          ))}
          {decision.notices.map((one) => (
            <Note key={one.code} tone="good" role="status">
              {sayCode(texts, one.code, one.params)}
            </Note>
          ))}
        </div>
      )}
    </Group>
  );
}

function Kinds() {
  const texts = useTexts();
  const { t } = texts;
  const draft = useDraft();
  const data = useData();
  const { problem, isEditable } = useField('kinds');
  // Every kind can be ticked: what may not be together is said by the rule, with its reason, not hidden.
  const offered = data.category === 'K1' ? kindsOfCategory.K1 : (['PER', 'BUS', 'STA'] as const);
  return (
    <div className="row field" role="group" aria-label={t('form.label.kinds')} style={{ gridColumn: 'span 12' }}>
      <span className="small">{t('form.label.kinds')}</span>
      {offered.map((kind) => (
        <Checkbox
          key={kind}
          label={t(`terms.certificate.${kind}`)}
          checked={data.kinds.includes(kind)}
          disabled={!isEditable}
          data-field={`kinds.${kind}`}
          onChange={(event) => {
            draft.set('kinds', event.currentTarget.checked ? [...data.kinds, kind] : data.kinds.filter((one) => one !== kind));
          }}
        />
      ))}
      {problem !== undefined && <span className="small tone-stop">{sayCode(texts, problem.code, problem.params)}</span>}
    </div>
  );
}

/** The representative acts as a natural person, whatever the applicant's category is. Source: COM-16 */
function useIdentityCategory(prefix: '' | 'representative.'): Category {
  const category = useDraftState((state) => state.data.category);
  return prefix === '' ? category : 'K1';
}

/** Əlavə 1, block 3; the representative's block has the same fields under another path. */
export function IdentityGroup({ prefix, title }: { readonly prefix: '' | 'representative.'; readonly title: TextKey }) {
  const { t } = useTexts();
  const category = useIdentityCategory(prefix);
  return (
    <Group title={title}>
      <TextField path={`${prefix}person.fin`} span={3} isMono isUpper />
      <SelectField
        path={`${prefix}document.kind`}
        span={5}
        options={acceptedIdentityDocuments(category).map((value) => ({ value, label: t(`terms.identityDocument.${value}`) }))}
      />
      <TextField path={`${prefix}document.number`} span={4} isMono isUpper />
      <OtherKind prefix={prefix} />
      <TextField path={`${prefix}document.judgeCardNumber`} span={4} isMono />
      <TextField path={`${prefix}person.surname`} span={4} />
      <TextField path={`${prefix}person.givenName`} span={4} />
      <TextField path={`${prefix}person.fatherName`} span={4} />
      <SelectField
        path={`${prefix}person.sex`}
        span={3}
        options={[
          { value: 'M', label: t('form.sex.M') },
          { value: 'F', label: t('form.sex.F') },
        ]}
      />
      <DateField path={`${prefix}person.birthOn`} span={3} isPast />
      <TextField path={`${prefix}person.birthPlace`} span={3} />
      <TextField path={`${prefix}person.citizenship`} span={3} isMono isUpper />
      <TextField path={`${prefix}document.issuedBy`} span={3} />
      <DateField path={`${prefix}document.issuedOn`} span={3} isPast />
      <DateField path={`${prefix}document.validUntilOn`} span={3} />
      <TickField path={`${prefix}document.isUnlimited`} span={3} />
    </Group>
  );
}

/**
 * The zone of a military card says no more than an identity card's: when the number cannot be a citizen's card but can be a military one, the
 * other kind is offered and never taken by itself. Source: azerbaijan.md §3
 */
function OtherKind({ prefix }: { readonly prefix: '' | 'representative.' }) {
  const { t } = useTexts();
  const draft = useDraft();
  const category = useIdentityCategory(prefix);
  const kind = useField(`${prefix}document.kind`);
  const number = useField(`${prefix}document.number`);
  const isOffered =
    kind.value === 'citizen_card' &&
    kind.isEditable &&
    number.problem?.code === 'DOCUMENT_NUMBER_FORMAT' &&
    acceptedIdentityDocuments(category).includes('military_card') &&
    isUsualMilitaryNumber(typeof number.value === 'string' ? number.value : '');
  if (!isOffered) return null;
  return (
    <div className="row field" style={{ gridColumn: 'span 12' }} role="status">
      <span className="small">{t('form.otherKind')}</span>
      <Button
        variant="default"
        onClick={() => {
          draft.set(`${prefix}document.kind`, 'military_card');
        }}
      >
        {t('terms.identityDocument.military_card')}
      </Button>
    </div>
  );
}

function isUsualMilitaryNumber(number: string): boolean {
  const checked = checkIdentityDocumentNumber('military_card', number);
  return checked.ok && !checked.notes.includes('DOCUMENT_NUMBER_UNUSUAL');
}

export function ContactGroup() {
  const { t } = useTexts();
  return (
    <Group title="form.group.contact">
      <TextField path="contact.registeredAddress" span={6} />
      <TextField path="contact.actualAddress" span={6} />
      <PhoneField path="contact.phone" span={4} />
      <TextField path="contact.email" span={4} />
      <SelectField
        path="contact.notifyBy"
        span={4}
        options={(['sms', 'email', 'cabinet'] as const).map((value) => ({ value, label: t(`form.notifyBy.${value}`) }))}
      />
    </Group>
  );
}

/** Əlavə 1, block 4. */
export function OrganisationGroup() {
  const { t } = useTexts();
  const isNeeded = useDraftState((state) => isFieldNeeded('organisation', state.data));
  if (!isNeeded) return null;
  return (
    <Group title="form.group.organisation">
      <TextField path="organisation.voen" span={4} isMono />
      <TextField path="organisation.name" span={8} />
      <TextField path="organisation.position" span={4} />
      <TextField path="organisation.unit" span={4} />
      <SelectField
        path="organisation.standing"
        span={4}
        options={(['head', 'employee'] as const).map((value) => ({ value, label: t(`form.standing.${value}`) }))}
      />
      <SelectField
        path="organisation.bodyKind"
        span={6}
        options={bodyKinds.map((value) => ({ value, label: t(`form.bodyKind.${value}`) }))}
      />
      <SelectField
        path="organisation.signatureScope"
        span={4}
        options={(['1', '2', '3'] as const).map((value) => ({ value, label: value }))}
      />
      <TickField path="organisation.hasSealAuthority" span={4} />
      <TextField path="organisation.sealText" span={4} />
    </Group>
  );
}

/** Əlavə 1, block 5. */
export function RepresentativeGroup() {
  const isPresent = useDraftState((state) => state.data.representative.isPresent);
  return isPresent && <IdentityGroup prefix="representative." title="form.group.representativePerson" />;
}

const certifications = ['notarised', 'letterhead_seal'] as const;
const legalisations = ['legalised', 'apostille', 'not_required'] as const;

/** Which papers of the case the power of attorney lets its grantee sign, as read from it: nothing is allowed by itself. Source: COM-16 */
function SignedPapers({ index }: { readonly index: number }) {
  const texts = useTexts();
  const { t } = texts;
  const draft = useDraft();
  const path = `powersOfAttorney.${String(index)}.signs`;
  const { problem, isEditable } = useField(path);
  const signs = useDraftState((state) => state.data.powersOfAttorney[index]?.signs) ?? [];
  return (
    <div className="row field" role="group" aria-label={t('form.label.power.signs')} style={{ gridColumn: 'span 12' }}>
      <span className="small">{t('form.label.power.signs')}</span>
      {signablePapers.map((paper, at) => (
        <Checkbox
          key={paper}
          label={t(`paper.form.${paper}`)}
          checked={signs.includes(paper)}
          disabled={!isEditable}
          data-field={at === 0 ? path : `${path}.${paper}`}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            draft.set(
              path,
              signablePapers.filter((one) => (one === paper ? checked : signs.includes(one))),
            );
          }}
        />
      ))}
      {problem !== undefined && <span className="small tone-stop">{sayCode(texts, problem.code, problem.params)}</span>}
    </div>
  );
}

/** What is recorded of every power of attorney. Source: POA-R2, COM-16 */
export function PowerGroups() {
  const { t } = useTexts();
  const forms = useDraftState((state) => state.data.powersOfAttorney.map((power) => power.form).join(','));
  return (
    <>
      {forms
        .split(',')
        .filter(Boolean)
        .map((form, index) => {
          const at = `powersOfAttorney.${String(index)}`;
          return (
            <Group
              key={at}
              title={form === 'appendix-7' ? 'form.group.power7' : form === 'appendix-8' ? 'form.group.power8' : 'form.group.power9'}
            >
              <TextField path={`${at}.number`} span={4} />
              <DateField path={`${at}.issuedOn`} span={4} isPast />
              <DateField path={`${at}.validUntilOn`} span={4} />
              <TextField path={`${at}.grantor`} span={4} isMono isUpper />
              <TextField path={`${at}.grantee`} span={4} isMono isUpper />
              <SelectField
                path={`${at}.certification`}
                span={4}
                options={certifications.map((value) => ({ value, label: t(`form.demand.${value}`) }))}
              />
              <TextField path={`${at}.notaryName`} span={6} />
              <TextField path={`${at}.notaryRegisterNumber`} span={3} />
              <TextField path={`${at}.country`} span={3} isMono isUpper />
              <SelectField
                path={`${at}.legalisation`}
                span={4}
                options={legalisations.map((value) => ({ value, label: t(`form.legalisation.${value}`) }))}
              />
              <TextField path={`${at}.legalisationNumber`} span={4} />
              <DateField path={`${at}.legalisationOn`} span={4} isPast />
              <TextField path={`${at}.legalisationReason`} span={12} />
              {form === 'appendix-8' && <SignedPapers index={index} />}
            </Group>
          );
        })}
    </>
  );
}
