import type { PaperView } from '../../../shared/contract/paper.ts';
import type { Reader } from '../../storage/database.ts';
import type { PackagePapers as PapersOfPackages } from '../package/index.ts';

/** Papers of packages; made by the paper feature. */
export interface PackagePapers extends Pick<PapersOfPackages, 'prepareOwn'> {
  listOwn(db: Reader, form: 'F-24' | 'F-25', subject: string): PaperView[];
}
