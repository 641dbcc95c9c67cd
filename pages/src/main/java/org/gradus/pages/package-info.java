/** What all pages are made of: markup, numbers as text, arrays for scripts. The pages themselves are the rooms inside. */
@NullMarked
package org.gradus.pages;

import org.jspecify.annotations.NullMarked;
