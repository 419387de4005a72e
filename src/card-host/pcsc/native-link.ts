import type * as Smartcard from 'smartcard';
import { CardFault } from '../../shared/card-host/card-port.ts';

/** What is used of the native package, and nothing else: never its `Devices`, which grabs every card in shared mode. Source: cards.md §6 */
export type NativeLink = Pick<
  typeof Smartcard,
  | 'Context'
  | 'CM_IOCTL_GET_FEATURE_REQUEST'
  | 'SCARD_SHARE_EXCLUSIVE'
  | 'SCARD_SHARE_DIRECT'
  | 'SCARD_PROTOCOL_T0'
  | 'SCARD_PROTOCOL_T1'
  | 'SCARD_LEAVE_CARD'
  | 'SCARD_RESET_CARD'
  | 'SCARD_STATE_PRESENT'
  | 'SCARD_STATE_UNAWARE'
  | 'parseFeatures'
>;
export type NativeContext = Smartcard.ContextInterface;
export type NativeReader = Smartcard.ReaderInterface;
export type NativeCard = Smartcard.CardInterface;

/** An optional package: a machine that could not build it is told so. Throws `CardFault` LINK_MISSING. */
export async function loadNativeLink(): Promise<NativeLink> {
  try {
    const module = (await import('smartcard')) as unknown as { readonly default: NativeLink };
    return module.default;
  } catch {
    throw new CardFault('LINK_MISSING', 'smartcard');
  }
}
