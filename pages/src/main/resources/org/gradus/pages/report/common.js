// What the explorer and the 3-D plot share: the registry of a page's parts, numbers from Base64, and colours.
"use strict";

const gradus = {
    /** The parts of this page by experiment. */
    explorers: {},
    clouds: {},

    /** Little-endian floats from Base64. */
    floats(base64) {
        const text = atob(base64);
        const bytes = new DataView(new ArrayBuffer(text.length));
        for (let i = 0; i < text.length; i++) {
            bytes.setUint8(i, text.charCodeAt(i));
        }
        const values = new Float32Array(text.length / 4);
        for (let i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat32(4 * i, true);
        }
        return values;
    },

    /** A colour of the style sheet, which differs between light and dark. */
    colour(name) {
        return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    },

    /** Calls back when the reader changes between light and dark. */
    onScheme(callback) {
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
    },
};
