package org.gradus.nn;

/** Which side of a weight [out,in] an initialiser counts: what it keeps the size of. */
public enum FanMode {
    /** The inputs of a unit, {@code in}: keeps the size of the values on their way forward. PyTorch's default. */
    FAN_IN,
    /** The units an input goes to, {@code out}: keeps the size of the gradients on their way back. */
    FAN_OUT
}
