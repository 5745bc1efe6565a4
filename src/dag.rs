//! Directed graphs over `0..n`: sorting with a preference, and strongly connected components.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

/// Edges that say "this before that".
#[derive(Clone, Debug, Default)]
pub struct Graph {
    next: Vec<Vec<u32>>,
}

impl Graph {
    /// A graph of `n` nodes without edges.
    pub fn new(n: usize) -> Self {
        Graph { next: vec![Vec::new(); n] }
    }

    /// Adds "`before` before `after`"; an edge from a node to itself is nothing.
    pub fn edge(&mut self, before: usize, after: usize) {
        if before != after {
            self.next[before].push(after as u32);
        }
    }

    /// Whether any other waits for this node.
    pub fn is_awaited(&self, node: usize) -> bool {
        !self.next[node].is_empty()
    }

    /// Which nodes any of these waits for, directly or not.
    pub fn before(&self, these: impl Iterator<Item = usize>) -> Vec<bool> {
        let (mut out, mut stack) = (vec![false; self.next.len()], these.collect::<Vec<_>>());
        if stack.is_empty() {
            return out;
        }
        let mut previous = vec![Vec::new(); self.next.len()];
        for (from, nexts) in self.next.iter().enumerate() {
            nexts.iter().for_each(|&to| previous[to as usize].push(from));
        }
        while let Some(node) = stack.pop() {
            for &from in &previous[node] {
                if !std::mem::replace(&mut out[from], true) {
                    stack.push(from);
                }
            }
        }
        out
    }

    /// The same graph with every node replaced by its group; edges inside a group vanish.
    pub fn contract(&self, group: &[usize]) -> Graph {
        let mut out = Graph::new(self.next.len());
        for (from, nexts) in self.next.iter().enumerate() {
            for &to in nexts {
                out.edge(group[from], group[to as usize]);
            }
        }
        for nexts in &mut out.next {
            nexts.sort_unstable();
            nexts.dedup();
        }
        out
    }

    /// The nodes in an order that the edges allow, the smallest `key` first wherever there is a choice.
    /// What lies on a circle, or behind one, is left out.
    pub fn sort<K: Ord>(&self, key: impl Fn(usize) -> K) -> Vec<usize> {
        let mut waiting = vec![0_u32; self.next.len()];
        for &to in self.next.iter().flatten() {
            waiting[to as usize] += 1;
        }
        let ready = (0..self.next.len()).filter(|&node| waiting[node] == 0);
        let mut heap: BinaryHeap<_> = ready.map(|node| Reverse((key(node), node))).collect();
        let mut out = Vec::with_capacity(self.next.len());
        while let Some(Reverse((_, node))) = heap.pop() {
            out.push(node);
            for &to in &self.next[node] {
                waiting[to as usize] -= 1;
                if waiting[to as usize] == 0 {
                    heap.push(Reverse((key(to as usize), to as usize)));
                }
            }
        }
        out
    }

    /// One way round a circle, if there is one: each before the next, the last before the first.
    pub fn circle(&self) -> Option<Vec<usize>> {
        let members = self.circles().into_iter().next()?;
        let start = members[0];
        let (mut from, mut queue) = (HashMap::new(), VecDeque::from([start]));
        while let Some(node) = queue.pop_front() {
            for to in self.next[node].iter().map(|&to| to as usize) {
                if to == start {
                    let mut way = vec![node];
                    while let Some(&before) = from.get(&way[way.len() - 1]) {
                        way.push(before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if members.contains(&to) && !from.contains_key(&to) {
                    from.insert(to, node);
                    queue.push_back(to);
                }
            }
        }
        None
    }

    /// The circles: every strongly connected component of more than one node (Tarjan's algorithm, without recursion).
    pub fn circles(&self) -> Vec<Vec<usize>> {
        const UNSEEN: u32 = u32::MAX;
        let n = self.next.len();
        let (mut index, mut low, mut on_stack) = (vec![UNSEEN; n], vec![0_u32; n], vec![false; n]);
        let (mut stack, mut out, mut counter) = (Vec::new(), Vec::new(), 0_u32);
        for root in 0..n {
            if index[root] != UNSEEN {
                continue;
            }
            let mut calls = vec![(root, 0_usize)];
            while let Some(&mut (node, ref mut at)) = calls.last_mut() {
                if *at == 0 {
                    (index[node], low[node]) = (counter, counter);
                    counter += 1;
                    stack.push(node);
                    on_stack[node] = true;
                }
                if let Some(&to) = self.next[node].get(*at) {
                    *at += 1;
                    let to = to as usize;
                    if index[to] == UNSEEN {
                        calls.push((to, 0));
                    } else if on_stack[to] {
                        low[node] = low[node].min(index[to]);
                    }
                    continue;
                }
                calls.pop();
                if let Some(&(caller, _)) = calls.last() {
                    low[caller] = low[caller].min(low[node]);
                }
                if low[node] == index[node] {
                    let start = stack.iter().rposition(|&other| other == node).unwrap_or(0);
                    let component = stack.split_off(start);
                    component.iter().for_each(|&other| on_stack[other] = false);
                    if component.len() > 1 {
                        out.push(component);
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(n: usize, edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new(n);
        edges.iter().for_each(|&(a, b)| graph.edge(a, b));
        graph
    }

    #[test]
    fn what_some_wait_for_is_found_through_others() {
        let graph = graph(5, &[(0, 1), (1, 2), (3, 2), (2, 4)]);
        assert_eq!(graph.before([2].into_iter()), [true, true, false, true, false]);
    }

    #[test]
    fn sorts_by_edges_and_then_by_key() {
        assert_eq!(graph(4, &[(3, 0), (0, 1)]).sort(|node| node), [2, 3, 0, 1]);
    }

    #[test]
    fn leaves_circles_out_and_finds_them() {
        let ring = graph(5, &[(0, 1), (1, 2), (2, 0), (2, 3)]);
        assert_eq!(ring.sort(|node| node), [4]);
        let mut circle = ring.circles().remove(0);
        circle.sort_unstable();
        assert_eq!(circle, [0, 1, 2]);
        assert_eq!(graph(4, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 1)]).circle().map(|way| way.len()), Some(2));
    }

    #[test]
    fn contracts() {
        let contracted = graph(3, &[(0, 1), (1, 2)]).contract(&[0, 0, 2]);
        assert_eq!(contracted.sort(|node| node), [0, 1, 2]);
        assert!(contracted.circles().is_empty());
    }
}
