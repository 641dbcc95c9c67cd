package org.gradus.inspect;

import java.util.List;
import org.gradus.autograd.Op;

/** What an operation calls its inputs. */
final class Roles {

    private Roles() {}

    static String of(Op op, int input) {
        List<String> roles = op.roles();
        return input < roles.size() ? roles.get(input) : "x" + input;
    }
}
