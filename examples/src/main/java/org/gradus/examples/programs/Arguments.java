package org.gradus.examples.programs;

/**
 * Numbers from the command line of the programs beside this class. It is no program, and none has to copy it: without it {@code
 * Integer.parseInt(args[0])} does, which answers a wrong number with a stack trace.
 */
final class Arguments {

    /** How many images of MNIST there are to train on. */
    static final int IMAGES = 60_000;

    private Arguments() {}

    /** How many images: argument 0, or all. */
    static int images(String[] args) {
        return number(args, 0, IMAGES, IMAGES);
    }

    /** A number from 1 on, or the default if there are fewer arguments. */
    static int number(String[] args, int index, int otherwise) {
        return number(args, index, otherwise, Integer.MAX_VALUE);
    }

    /** Ends the program with one line and exit code 2 if there is no such number. */
    private static int number(String[] args, int index, int otherwise, int most) {
        if (args.length <= index) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(args[index]);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            // the same line as for a number out of range
        }
        System.err.println(
                "argument " + (index + 1) + " is '" + args[index] + "'; give a whole number from 1 to " + most);
        System.exit(2);
        throw new AssertionError("not reached");
    }
}
