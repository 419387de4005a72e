import { CardFault, type CardReaders } from '../../shared/card-host/card-port.ts';

/** What ships knows no virtual cards. */
export const createDirectReaders = (): Promise<CardReaders | null> => Promise.reject(new CardFault('LINK_MISSING', 'virtual cards'));
