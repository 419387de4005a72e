import type { Plugin } from 'vite';

export declare const isProductBuild: boolean;
export declare const bundleFolder: string;
export declare function productFiles(): Plugin;
