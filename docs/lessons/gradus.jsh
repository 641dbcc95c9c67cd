// What every lesson and `gradus shell` start with: the library, and printf with a decimal point in every country.

//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-inspect:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-mnist:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-linalg:0.1.0-SNAPSHOT
//DEPS org.gradus:gradus-plots:0.1.0-SNAPSHOT

import java.util.*;
import java.util.function.*;
import java.util.stream.*;
import org.gradus.autograd.*;
import org.gradus.data.*;
import org.gradus.inspect.*;
import org.gradus.io.*;
import org.gradus.kernel.*;
import org.gradus.linalg.*;
import org.gradus.mnist.*;
import org.gradus.nn.*;
import org.gradus.optim.*;
import org.gradus.plots.*;
import org.gradus.random.*;
import org.gradus.train.*;

void printf(String format, Object... values) {
    System.out.print(String.format(Locale.ROOT, format, values));
}
